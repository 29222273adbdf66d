// Package reports turns answers into something to read: a [Report] is the one result type of the tool, and each format is
// a function from it to an [io.Writer].
//
//	result := reports.New(scenario, program, found)
//	reports.WriteCheck(os.Stdout, &result, reports.Style{Width: 80})
//
// A report says nothing that depends on the order of a map or on the number of workers. Only elapsed_ms differs between two
// runs of the same question.
package reports
