namespace Demo.Orders;

/// <summary>How the client sends a request with its idempotency key.</summary>
internal enum Sending
{
    Once,
    Again,
    TwiceAtOnce,
}

/// <summary>What the client is going to do with one order. It follows from the number alone, so that every run does the same.</summary>
internal sealed record OrderPlan(int Number, string Key, string Item, int Quantity, Sending Sending, TimeSpan? CancelAfter)
{
    private static readonly string[] Items = ["bread", "butter", "cheese", "milk", "olives"];

    /// <summary>Every tenth order is cancelled, some at once and some about when its parcel leaves; every twentieth is sent twice.</summary>
    public static OrderPlan For(int number, string run) => new(
        number,
        $"{run}order-{number}",
        Items[number % Items.Length],
        1 + (number % 7),
        (number % 40) switch { 7 => Sending.Again, 27 => Sending.TwiceAtOnce, _ => Sending.Once },
        number % 10 == 3 ? TimeSpan.FromMilliseconds(200 * (number / 10 % 5)) : null);
}
