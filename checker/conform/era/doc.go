// Package era is the helpers of libvirt's old protocols in Go. Each protocol has a file that reads
// like its C in scenarios/protocols, and what several share stands in files that are named like the
// C headers. Functions have the names that they have there; a comment says what only Go needs.
//
// The driver itself has today's contract alone, so the scenarios of an old protocol are compared
// with what stands here, on objects that stand here as well. They use a [driver.Runtime] as the
// driver does.
package era
