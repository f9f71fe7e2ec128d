mkdir t
head -c 100000 /dev/urandom >t/f
tar -C t -czf whole f
head -c 50000 whole >a.tar.gz
rm -r t whole
