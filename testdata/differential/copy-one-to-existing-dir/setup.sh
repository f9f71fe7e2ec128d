mkdir dir
echo f >f
echo x >dir/x
