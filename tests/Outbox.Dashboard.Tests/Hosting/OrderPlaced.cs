namespace Outbox.Dashboard.Tests.Hosting;

public sealed record OrderPlaced(string OrderId, string Text);
