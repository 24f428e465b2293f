namespace Outbox.Tests.Standards;

public sealed class FolderTests
{
    /// <summary>Folders that are still in a circle. Take out what no longer is; nothing is added.</summary>
    private static readonly Dictionary<string, string[]> Known = new()
    {
        ["src/Outbox"] =
        [
            "Capture", "Inbox", "Inbox/Sequencing", "Messages/Registration",
        ],
        ["src/Outbox.MassTransit"] = ["Capture", "Delivery", "Inbox", "Inbox/Batches"],
    };

    public static TheoryData<string> Projects => [.. Repository.Files("src", "*.csproj").Select(project => Path.GetDirectoryName(project)!.Replace('\\', '/'))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folders_need_each_other(string project)
    {
        var graph = new FolderGraph([.. Repository.Files(project, "*.cs").Select(file => new SourceFile(file[(project.Length + 1)..], Repository.Read(file)))]);
        var circles = graph.Circles();
        var known = Known.GetValueOrDefault(project, []);

        Rule.Holds(
            circles.Where(circle => circle.Except(known).Any()).Select(circle => $"{string.Join(", ", circle)}; the shortest way round: {graph.Shortest(circle)}"),
            $"Folders of {project} that need each other cannot be read one after the other. Contracts lie below, what composes lies on top: move what both need below both.");
        Rule.Holds(known.Except(circles.SelectMany(circle => circle)), $"These folders of {project} are in no circle any more, take them out of the list:");
    }

    [Fact]
    public void A_circle_is_found_and_names_the_files_that_close_it()
    {
        var graph = new FolderGraph(
        [
            new("Orders/Order.cs", "using Shop.Payments;\nnamespace Shop.Orders;\npublic class Order;"),
            new("Payments/Payment.cs", "namespace Shop.Payments;\nclass Payment { Receipts.Receipt Receipt; }"),
            new("Payments/Cards/Card.cs", "namespace Shop.Payments.Cards;\nclass Card { Payment Payment; }"),
            new("Payments/Receipts/Receipt.cs", "namespace Shop.Payments.Receipts;\nclass Receipt { void Print() => this.PrintOn(); }"),
            new("Printing/Printer.cs", "namespace Shop;\nstatic class Printer { static void PrintOn(this object it) => new Order(); }"),
            new("Printing/Paper.cs", "using Shop.Orders;\nnamespace Shop;\nclass Paper;"),
        ]);

        var circle = Assert.Single(graph.Circles());
        Assert.Equal(["Orders", "Payments", "Payments/Receipts", "Printing"], circle);
        Assert.Equal("Orders (Order.cs) → Payments (Payment.cs) → Payments/Receipts (Receipt.cs) → Printing (Paper.cs) → Orders", graph.Shortest(circle));
    }

    [Theory]
    [InlineData("// new Payment()")]
    [InlineData("string Text = \"Payment\";")]
    [InlineData("string Text = $\"Payment {1}\";")]
    [InlineData("object It => this.Payment;")]
    [InlineData("    public string Payment { get; } = It(Payment);")]
    [InlineData("class Payment; object Nearer = new Log();")]
    public void What_is_not_used_closes_no_circle(string body)
    {
        var graph = new FolderGraph(
        [
            new("Payment.cs", "using Shop.Orders;\nnamespace Shop;\nclass Payment;"),
            new("Log.cs", "namespace Shop;\nclass Log;"),
            new("Orders/Order.cs", $"namespace Shop.Orders;\nclass Order {{\n{body}\n}}"),
            new("Orders/Log.cs", "namespace Shop.Orders;\nclass Log;"),
        ]);

        Assert.Empty(graph.Circles());
    }
}
