touch a b
echo a >.dockerignore
echo b >../Buildfile.dockerignore
