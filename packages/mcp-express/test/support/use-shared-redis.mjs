process.env.TEST_REDIS_URL = process.env.SHARED_REDIS_URL;
