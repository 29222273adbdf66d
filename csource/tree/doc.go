// Package tree reads many C files of one project, from a directory or from a revision of a git
// repository, and says which function a name means in each of them.
//
//	t, err := tree.Load(ctx, "src/qemu", "src/conf")
//	f := t.Find(file, "qemuDomainObjBeginJob")
//
//	repo, err := tree.Open(ctx, "libvirt")
//	defer repo.Close()
//	before, err := repo.Load(ctx, "v9.0.0", "src")
//	after, err := repo.Load(ctx, "v9.1.0", "src") // parses only what differs
//
// Files are parsed in Tolerant mode, each on its own: what cannot be parsed is left out and stands
// in the diagnostics of its file. Headers are read first, for their macros: one that makes a
// statement which may leave the function is known in all files, unless two headers define it
// differently or the vocabulary knows it. Nothing else of a header is known where it is included;
// its types, enumerators and inline functions are those of a file like any other.
//
// # Both arms of #if
//
// Most conditions of #if are decided by the build, which nobody has asked for. A file with such
// conditions is parsed once for each arm: first with the first arms, then with all second ones, and
// so on. A function that a conditional runs through, or that only one arm defines, is there once
// for each way; see [Function.Arm]. Not every combination of arms is: two conditionals in one
// function with different conditions are both in their first, then both in their second arm. Macros
// and types that are defined differently in arms count as the first arm has them.
//
// # What a stranger may give
//
// Paths, their files, repositories and revisions are taken for hostile. A symbolic link that leads
// out of what is read, a file that is no text, and one that is too large are left out and named
// ([Tree.Left]). Of a repository only objects are read, by one process of git that gets no argument
// but our own: its configuration cannot run anything, and it fetches nothing.
//
// Reading libvirt 11.3.0 (845 files, 21 MB, 14,638 functions and 307 further ways of them) takes
// 1.8 s of CPU and 160 MB; its headers alone are 0.2 s of that, the further arms 0.3 s.
package tree
