using Outbox.Delivery.Publishing;

namespace Outbox.Delivery.Reporting;

/// <summary>A place to which nothing gets through, as a relay reports it.</summary>
/// <param name="Place">What it is.</param>
/// <param name="Reason">Why.</param>
/// <param name="For">For how long.</param>
public sealed record ReportedPlace(Place Place, string Reason, TimeSpan For)
{
    /// <summary>Whether messages of a topic go there, as far as that can be told by the topic alone.</summary>
    internal bool Contains(string topic) => Place.Contains(new Place(topic)) || Place.Topic == topic;
}
