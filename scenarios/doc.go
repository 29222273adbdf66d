// Package scenarios reads suites: YAML files that say which threads run which C functions on which
// objects, and what should come of it.
//
//	suite: two-locks
//	title: In which order may two threads take two locks?
//	protocol: mail-2009-10        # a protocol that lockproof ships, or a path to a .c file
//	sources: [bodies.c]           # C with the thread bodies, or `source: |` and the C itself
//	scenarios:
//	  - name: opposite-orders
//	    threads: [forwards(vm1), backwards(vm1) x2]
//	    faults: [wait-timeout]
//	    expect: deadlock
//	    why: each holds what the other wants
//
// Reading is strict: an unknown key, a duplicate name or a bad value is an error, and all of them
// are reported at once as [syntax.Diagnostics], each with its file, line and column.
// [Scenario.Program] runs the C front end; its errors have the same form, and those of inline C
// point into the YAML file.
//
// [Library] is the collection of suites that is built into the tool, [Protocols] the C they rest
// on.
//
// What is not read: YAML anchors, aliases, merge keys, tags and further documents. A suite that a
// person is to review says what it means where it means it.
package scenarios
