namespace Contracts;

/// <summary>Let the parcel of an order leave now. The shipping service refuses, with a reason, when it has left already or was stopped.</summary>
public sealed record ExpediteShipment(string OrderId);
