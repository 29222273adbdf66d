// Package files opens what others name. A suite names its C and an #include the next file; a
// checkout may hold symbolic links, and a command line is often written by a pattern over such a
// checkout. So what is named by data is looked for below one directory, must be a regular file, and
// is read up to a limit; opening never waits.
//
//	dir, name, err := files.Locate("suites/a.yaml") // ".", "suites/a.yaml"
//	tree, err := files.NewTree(dir)
//	text, err := files.Read(ctx, tree, name, 4<<20)
//
// Hard links, bind mounts and what the kernel mounts inside of the directory are not looked for:
// only who has rights on the machine can put them there.
package files
