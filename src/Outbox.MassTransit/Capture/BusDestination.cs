namespace Outbox.Capture;

/// <summary>Where commands of a type go on the bus.</summary>
internal sealed record BusDestination(Type MessageType, Uri Address);
