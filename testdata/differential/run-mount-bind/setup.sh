mkdir sub
echo f >sub/f
ln -s sub/f link
