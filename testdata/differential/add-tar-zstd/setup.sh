mkdir t
echo one >t/one
tar -C t --owner=0 --group=0 -cf a.tar one
zstd -q --rm a.tar
rm -r t
