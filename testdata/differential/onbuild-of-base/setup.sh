echo seed >seed
