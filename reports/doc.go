// Package reports turns answers into something to read: a [Report] is the one result type of the tool, and each format is
// a function from it to an [io.Writer].
//
//	result := reports.New(scenario, program, found)
//	reports.WriteCheck(os.Stdout, &result, reports.Style{Width: 80})
//
// [WriteJSON] is the whole report; [WriteHTML], [WriteJUnit] and [WriteSARIF] are made from it, and from it alone, so that results.json
// of several machines can be read back and joined ([ReadReport], [Merge]). [WriteDOT], [WriteSVG] and [WriteOrder] show one lock order. An
// [Output] is a directory with all of them, written whole or not at all. A [Baseline] lists problems that a project knows and does not
// want to fail for.
//
// A report says nothing that depends on the order of a map or on the number of workers. Only elapsed_ms differs between two
// runs of the same question, and only JSON and the terminal show it.
package reports
