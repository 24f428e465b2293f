namespace Demo.Checks.Rules;

/// <summary>Each entity went through each status once, one version at a time.</summary>
internal static class HistoryRules
{
    public static IEnumerable<Finding> Check(Evidence evidence)
    {
        foreach (var entity in evidence.Orders.Concat(evidence.Shipments))
        {
            var steps = string.Join(", ", entity.History.Select(step => $"{step.Status} v{step.Version}"));
            if (entity.History.DistinctBy(step => step.Status).Count() < entity.History.Count)
            {
                yield return new Finding(FindingKind.Duplicated, $"{entity.Id} entered a status twice: {steps}.");
            }

            if (!entity.History.Select(step => step.Version).SequenceEqual(Enumerable.Range(1, entity.History.Count).Select(version => (long)version)))
            {
                yield return new Finding(FindingKind.OutOfOrder, $"The history of {entity.Id} is not in version order: {steps}.");
            }

            if (entity.History.Count == 0 || entity.History[^1] != (entity.Status, entity.Version))
            {
                yield return new Finding(FindingKind.OutOfOrder, $"{entity.Id} is {entity.Status} v{entity.Version}, but its history ends otherwise: {steps}.");
            }
        }
    }
}
