namespace Demo.Orders;

/// <summary>How the client sends a request with its idempotency key.</summary>
internal enum Sending
{
    Once,
    Again,
    TwiceAtOnce,
}
