namespace Demo.Checks.Rules;

/// <summary>What a client was told is so: each acknowledged key has its one order.</summary>
internal static class AnswerRules
{
    public static IEnumerable<Finding> Check(Evidence evidence)
    {
        var orders = evidence.Orders.ToDictionary(order => order.Id);
        var answers = evidence.Acknowledged.ToLookup(answer => answer.Key, answer => answer.OrderId);
        foreach (var key in answers)
        {
            var ids = key.Distinct().ToList();
            if (ids.Count > 1)
            {
                yield return new Finding(FindingKind.Duplicated, $"Key {key.Key} was answered with {ids.Count} orders: {string.Join(", ", ids)}.");
            }

            foreach (var id in ids.Where(id => orders.GetValueOrDefault(id)?.Key != key.Key))
            {
                yield return new Finding(FindingKind.Lost, $"Order {id} was acknowledged for key {key.Key} and is not there.");
            }
        }

        foreach (var order in evidence.Orders.Where(order => order.Key is null || !answers[order.Key].Contains(order.Id)))
        {
            yield return new Finding(FindingKind.Duplicated, $"Order {order.Id} of key {order.Key} is not the one that the client was told of.");
        }
    }
}
