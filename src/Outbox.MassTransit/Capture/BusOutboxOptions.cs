namespace Outbox.Capture;

/// <summary>Whether MassTransit's injected endpoints use the outbox outside of transactions too.</summary>
internal sealed class BusOutboxOptions
{
    public bool Enabled { get; set; }
}
