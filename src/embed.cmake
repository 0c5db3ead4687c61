# SPDX-License-Identifier: MIT
# Writes a C initialiser of {name, text} for FILES into OUT. Texts are cut into short literals: C17 promises only 4095 bytes each.
set(out "/* made from assets by src/embed.cmake */\n")
list(SORT FILES)
foreach(file ${FILES})
  get_filename_component(name ${file} NAME)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  string(APPEND out "{\"${name}\", (const char[]){${bytes}0}},\n")
endforeach()
file(WRITE ${OUT} "${out}")
