namespace Demo.Checks.Rules;

/// <summary>Each version of each entity was published, as one message, and the versions first appeared in order.</summary>
internal static class PublishingRules
{
    public static IEnumerable<Finding> Check(Evidence evidence)
    {
        var published = evidence.Published.ToLookup(message => (message.EntityType, message.EntityId));
        return Check("order", evidence.Orders, published).Concat(Check("shipment", evidence.Shipments, published));
    }

    private static IEnumerable<Finding> Check(
        string entityType, IEnumerable<EntityState> entities, ILookup<(string EntityType, string EntityId), PublishedMessage> published)
    {
        foreach (var entity in entities)
        {
            // A relay that was killed publishes some messages again, with the ids they had.
            var messages = published[(entityType, entity.Id)].DistinctBy(message => message.MessageId).ToList();
            var versions = messages.Select(message => message.Version).ToList();
            var inTurn = messages.Where(message => !message.IsRepair).Select(message => message.Version).ToList();
            var all = string.Join(", ", versions);
            for (var version = 1L; version <= entity.Version; version++)
            {
                if (!versions.Contains(version))
                {
                    yield return new Finding(FindingKind.Lost, $"Version {version} of {entityType} {entity.Id} was not published; published are {all}.");
                }
            }

            if (versions.Distinct().Count() < versions.Count)
            {
                yield return new Finding(FindingKind.Duplicated, $"A version of {entityType} {entity.Id} was published by two messages: {all}.");
            }

            if (!inTurn.SequenceEqual(inTurn.Order()))
            {
                yield return new Finding(FindingKind.OutOfOrder, $"The versions of {entityType} {entity.Id} first appeared on Kafka as {all}.");
            }
        }
    }
}
