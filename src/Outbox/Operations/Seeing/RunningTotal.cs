namespace Outbox.Operations.Seeing;

/// <summary>How many messages one process has dealt with since it started. Two readings of it give a rate.</summary>
/// <param name="Of">What counts: the relay, or the instance with the endpoint and the topic.</param>
/// <param name="Since">When it began to count: another time is another count.</param>
/// <param name="Count">How many.</param>
/// <param name="At">When it said so.</param>
public sealed record RunningTotal(string Of, DateTimeOffset Since, long Count, DateTimeOffset At)
{
    internal static double? Rate(IEnumerable<RunningTotal> earlier, IEnumerable<RunningTotal> later)
    {
        var before = earlier.ToLookup(total => (total.Of, total.Since));
        var rates = later.SelectMany(total => before[(total.Of, total.Since)].Where(was => was.At < total.At).Take(1)
            .Select(was => Math.Max(0, total.Count - was.Count) / (total.At - was.At).TotalSeconds)).ToList();
        return rates.Count == 0 ? null : rates.Sum();
    }
}
