// Package reports has what the tool answers: a [Report] is its one result type, with the problems in it, a [Baseline] of problems that a
// project knows and does not want to fail for, and [Merge] for the reports of several machines.
//
//	result := answers.New(scenario, program, found)
//	terminal.WriteCheck(os.Stdout, &result, terminal.Style{Width: 80})
//
// Package answers makes results of what the checkers found. The writers are functions from a report to an [io.Writer]: packages
// terminal, page and formats, and folder for all of them at once. They are made from the report alone, so that results.json can be read back
// ([ReadReport]) and written again.
//
// A report says nothing that depends on the order of a map or on the number of workers. Only elapsed_ms differs between two
// runs of the same question, and only JSON and the terminal show it.
package reports
