mkdir -p etc sub
echo inside >etc/passwd
ln -s /etc/passwd absolute
ln -s ../../../../../etc/passwd sub/up
ln -s ../../../etc sub/dir-up
