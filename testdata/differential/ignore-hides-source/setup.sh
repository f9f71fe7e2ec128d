touch secret
echo secret >.dockerignore
