namespace Outbox.Integration.Tests.Conformance;

/// <summary>An operation on a store.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Take">Does it, and says what came of it.</param>
public sealed record Step(string Name, Func<StoreUnderTest, Task<string>> Take);
