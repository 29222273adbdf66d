// Package planted puts known mistakes into the driver and asks who finds them: the scheduler, the
// load and the comparison with the model. Its tests are all that it has.
//
// A mistake is a small patch of the driver's own source, in testdata/defects.txt. One build has
// them all, beside the driver as it is (see cmd/mutants/schemata), so that the driver itself shows
// nothing of them.
package planted
