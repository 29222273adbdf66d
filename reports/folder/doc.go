// Package folder writes a report in all formats to a directory, whole or not at all.
package folder
