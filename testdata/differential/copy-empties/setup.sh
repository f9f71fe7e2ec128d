mkdir -p empty-dir tree/a/b/c
touch empty-file
