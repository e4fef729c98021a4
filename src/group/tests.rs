//! Small texts of our own, one a rule.
