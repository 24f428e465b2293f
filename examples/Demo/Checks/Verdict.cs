using Demo.Checks.Rules;

namespace Demo.Checks;

/// <summary>The result of a run.</summary>
internal sealed record Verdict
{
    public required int Orders { get; init; }

    public required int Shipped { get; init; }

    public required int Cancelled { get; init; }

    /// <summary>Each broken rule, with the entity that breaks it.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>How many versions that had got lost were asked for and came.</summary>
    public required int Repaired { get; init; }

    /// <summary>Whether the list that was built again while orders flowed is right.</summary>
    public required bool IsRebuilt { get; init; }

    public required long Pending { get; init; }

    public required long Parked { get; init; }

    public bool IsGood => Findings.Count == 0 && IsRebuilt && Pending == 0 && Parked == 0 && Shipped + Cancelled == Orders;

    public override string ToString() =>
        $"orders={Orders} shipped={Shipped} cancelled={Cancelled} lost={Count(FindingKind.Lost)} duplicated={Count(FindingKind.Duplicated)} "
        + $"out-of-order={Count(FindingKind.OutOfOrder)} pending={Pending} parked={Parked} repaired={Repaired} rebuilt={(IsRebuilt ? "ok" : "wrong")}";

    private int Count(FindingKind kind) => Findings.Count(finding => finding.Kind == kind);
}
