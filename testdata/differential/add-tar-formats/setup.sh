mkdir -p t/dir
echo one >t/one
echo two >t/dir/two
touch -d @1000000000 t/one t/dir/two t/dir t
tar -C t --owner=0 --group=0 -cf plain .
gzip -nc plain >gzip.tar.gz
bzip2 -c plain >bzip2
xz -c plain >xz.bin
rm -r t
