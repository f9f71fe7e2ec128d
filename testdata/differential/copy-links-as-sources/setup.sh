mkdir -p dir/sub
echo f >file
echo i >dir/inner
echo s >dir/sub/s
chmod 600 file
ln -s file to-file
ln -s dir to-dir
ln -s to-file chain
ln -s dir through
