using Outbox.Operations.Failures;

namespace Outbox.Testing.Operations;

/// <summary>The causes of what is parked.</summary>
internal static class InMemoryGroups
{
    public static IReadOnlyList<FailureGroup> Of(IEnumerable<ParkedSummary> parked, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return [.. parked.GroupBy(message => message.Failure.Group).Select(Summed).OrderByDescending(group => group.Count).ThenBy(group => group.Group, StringComparer.Ordinal).Take(limit)];
    }

    private static FailureGroup Summed(IGrouping<string, ParkedSummary> group)
    {
        var oldest = group.OrderBy(message => message.ParkedAt).ThenBy(message => message.Id, StringComparer.Ordinal).First();
        return new FailureGroup(group.Key, oldest.Failure.Title, group.Count(), oldest.ParkedAt, group.Max(message => message.ParkedAt), oldest.Id)
        {
            Topics = [.. group.Select(message => message.Topic).Distinct().Order(StringComparer.Ordinal)],
            Endpoints = [.. group.Select(message => message.Endpoint).OfType<string>().Distinct().Order(StringComparer.Ordinal)],
        };
    }
}
