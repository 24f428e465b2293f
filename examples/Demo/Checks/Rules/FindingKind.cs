namespace Demo.Checks.Rules;

/// <summary>What kind of rule is broken.</summary>
internal enum FindingKind
{
    Lost,
    Duplicated,
    OutOfOrder,
}
