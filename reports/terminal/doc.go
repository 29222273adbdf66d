// Package terminal writes reports as text: for a terminal, whose width and colours it knows, or for
// a log.
package terminal
