using System.Globalization;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Delivery.Health;

/// <summary>Says what keeps the relay from its work, and names whose fault it is.</summary>
internal static class RelayFindings
{
    private const int Named = 3;

    public static IEnumerable<Finding> Of(RelayHealth relay)
    {
        if (relay.Database is var (database, why))
        {
            yield return new Finding($"MongoDB cannot be used for {Seconds(database)}: {why}", database);
        }

        if (relay.Relay is var (failing, how))
        {
            yield return new Finding($"The relay fails for {Seconds(failing)}: {how}", failing);
        }

        if (relay.Leases is var (endangered, reason))
        {
            yield return new Finding($"For {Seconds(endangered)}: {reason}", endangered);
        }

        foreach (var finding in Places(relay))
        {
            yield return finding;
        }

        if (relay.NotKnown is var (waiting, what))
        {
            yield return new Finding($"For {Seconds(waiting)} messages have waited for a newer instance, which knows how to publish them: {what}");
        }
    }

    public static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s");

    private static IEnumerable<Finding> Places(RelayHealth relay)
    {
        var (places, all) = (relay.Places, relay.NothingGetsThrough);
        foreach (var place in places.Take(Named))
        {
            var since = relay.Since(place.Since);
            var text = all && !place.IsAnswered
                ? $"{BrokerOf(place.Place)} cannot be used for {Seconds(since)}: {place.Reason} ({place.Place})"
                : $"Nothing gets through to {place.Place} for {Seconds(since)}: {place.Reason}";
            yield return new Finding(text, all || place.Place == Place.Cluster ? since : null);
        }

        if (places.Count > Named)
        {
            yield return new Finding($"Nothing gets through to {places.Count - Named} more.");
        }
    }

    private static string BrokerOf(Place place) => place.Topic is { } topic && BusTopics.Contains(topic) ? "MassTransit's bus" : "Kafka";
}
