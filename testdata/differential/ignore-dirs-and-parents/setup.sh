mkdir -p node/mods/keep node/mods/drop empty/inner
touch node/mods/keep/f node/mods/drop/f node/top empty/inner/f
printf 'node/mods\n!node/mods/keep/f\nempty/*\n' >.dockerignore
