using Outbox.Delivery.Health;
using Outbox.Delivery.Publishing;
using Outbox.Delivery.Retrying;
using Outbox.Messages;

namespace Outbox.Delivery.Batches;

/// <summary>Learns from a batch which places take messages and which do not.</summary>
internal sealed class PlaceJudge(IMessagePublisher publisher, ClosedPlaces places, RelayHealth health)
{
    /// <summary>Opens and closes places, and tells which of the failed messages their place keeps.</summary>
    public Judgement Judge(PublishedBatch batch)
    {
        if (batch.Published.Count > 0)
        {
            health.Published();
        }

        var working = places.Any || batch.Failed.Count > 0 ? batch.Published.Select(publisher.TryPlaceOf).ToHashSet() : [];
        foreach (var place in working)
        {
            places.Done(place);
        }

        var failures = batch.Failed.ToLookup(failed => PlaceOf(failed));
        var closed = failures.Where(failed => IsClosed(failed, working)).ToDictionary(failed => failed.Key, failed => failed.First().Result);
        foreach (var (place, result) in closed)
        {
            places.Failed(place, result.Error ?? "There was no answer.", isAnswered: result.Status != PublishStatus.Unavailable);
        }

        var kept = batch.Failed.ToLookup(failed => IsOfThePlace(failed.Result) && closed.ContainsKey(PlaceOf(failed)));
        return new Judgement([.. kept[false]], [.. kept[true]], closed);
    }

    /// <summary>
    /// A place that said so is closed; one that did not answer is, when nothing got through to it. Errors of single messages close it only when no message of several entities got through.
    /// </summary>
    private static bool IsClosed(IGrouping<Place, FailedMessage> failures, HashSet<Place> working) =>
        failures.Any(failed => failed.Result.Status == PublishStatus.PlaceFailed)
        || (!working.Contains(failures.Key)
            && (failures.Any(failed => failed.Result.Status == PublishStatus.Unavailable) || failures.Count(failed => failed.Result.Status == PublishStatus.Failed) > 1));

    private static bool IsOfThePlace(PublishResult result) => result.Status is PublishStatus.PlaceFailed or PublishStatus.Unavailable;

    private Place PlaceOf(FailedMessage failed) => failed.Result.Place ?? publisher.TryPlaceOf(failed.Message);
}
