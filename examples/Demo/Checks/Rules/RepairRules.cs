namespace Demo.Checks.Rules;

/// <summary>What got lost on its way came when it was asked for, and a list that is made of all that happened shows how things stand.</summary>
internal static class RepairRules
{
    public static IEnumerable<Finding> Check(Evidence evidence)
    {
        var repaired = Repaired(evidence);
        foreach (var order in evidence.Lost.Except(repaired))
        {
            yield return new Finding(FindingKind.Lost, $"The cancellation of order {order} got lost, and nobody has brought it.");
        }

        if (evidence.List is { } list)
        {
            var rows = list.ToDictionary(row => row.Id);
            foreach (var order in evidence.Orders.Where(order => rows.GetValueOrDefault(order.Id) is not { } row || (row.Status, row.Version) != (order.Status, order.Version)))
            {
                yield return new Finding(FindingKind.Lost, $"The list of orders has order {order.Id} otherwise than it is ({order.Status} v{order.Version}), or not at all.");
            }
        }
    }

    /// <summary>The orders of which a version was published again for the one who had missed it.</summary>
    public static IReadOnlyCollection<string> Repaired(Evidence evidence) =>
        [.. evidence.Published.Where(message => message.IsRepair).Select(message => message.EntityId).Distinct().Intersect(evidence.Lost)];

    public static bool IsRebuilt(Evidence evidence) => evidence.List is { } list && list.Count == evidence.Orders.Count;
}
