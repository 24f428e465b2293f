using System.Globalization;

namespace Outbox.Benchmarks;

/// Measured values beside their targets, one line each.
internal sealed class Figures
{
    public bool AllPass { get; private set; } = true;

    public void AtLeast(string name, double value, double target) => Add(name, value, target, value >= target, ">=");

    public void AtMost(string name, double value, double target) => Add(name, value, target, value <= target, "<=");

    private void Add(string name, double value, double target, bool pass, string relation)
    {
        AllPass &= pass;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} value={value:0.##} target={relation}{target:0.##} {(pass ? "PASS" : "FAIL")}"));
    }
}
