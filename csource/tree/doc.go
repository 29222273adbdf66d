// Package tree reads many C files of one project, without its headers' help, and says which function
// a name means in each of them.
//
//	t, err := tree.Load(ctx, "src/qemu", "src/conf")
//	f := t.Find(file, "qemuDomainObjBeginJob")
//
// Files are parsed in Tolerant mode, each on its own: what cannot be parsed is left out and stands in
// the diagnostics of its file.
package tree
