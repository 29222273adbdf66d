// Package reports has what the tool answers. A [Report] is its one result type, with the problems
// in it. A [Baseline] lists problems that a project knows and does not want to fail for, and
// [Merge] joins the reports of several machines.
//
//	result := answers.New(scenario, program, found)
//	terminal.WriteCheck(os.Stdout, &result, terminal.Style{Width: 80})
//
// Package answers makes results of what the checkers found. Writers are functions from a report to
// an [io.Writer]: packages terminal, page and formats, and folder for all of them at once. They
// know the report alone, so that results.json can be read back ([ReadReport]) and written again.
//
// A report says nothing that depends on the order of a map or on the number of workers. Only
// elapsed_ms differs between two runs of the same question, and only JSON and the terminal show it.
package reports
