namespace Outbox.Delivery.Reporting;

/// <summary>Where relays write down what they have found, beside their sign of life, so that it can be read from any process.</summary>
public interface IRelayReports
{
    /// <summary>Writes down what a relay has found, in place of what it had written before.</summary>
    Task WriteAsync(string owner, RelayReport report, CancellationToken cancellationToken);
}
