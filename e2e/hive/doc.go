// Package hive tells in a browser how a question finds whoever knows: on a
// phone in a shop, with two colleagues reaching for it, and before whoever
// leads.
package hive
