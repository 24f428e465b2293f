namespace Demo.Checks.Rules;

/// <summary>One broken rule.</summary>
internal sealed record Finding(FindingKind Kind, string Text);
