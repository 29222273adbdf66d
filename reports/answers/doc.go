// Package answers makes a [reports.Result] of what a checker found.
package answers
