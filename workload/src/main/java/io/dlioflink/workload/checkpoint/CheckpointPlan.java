/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.checkpoint;

import io.dlioflink.workload.CheckpointMode;
import io.dlioflink.workload.ModelConfig;
import io.dlioflink.workload.ModelConfig.Parallelism;
import io.dlioflink.workload.TensorType;
import io.dlioflink.workload.Workload;
import java.util.ArrayList;
import java.util.List;

/**
 * Which files with which tensors each rank writes, and how large a checkpoint is. Computes what is
 * asked for and keeps nothing.
 *
 * <p>Source: DLIO {@code checkpointing/base_checkpointing.py}.
 */
public final class CheckpointPlan {
  private static final String TRANSFORMER = "transformer";
  private static final int SHARDED_WEIGHTS = 3;

  private final ModelConfig model;
  private final Parallelism parallelism;
  private final TransformerSizes sizes;
  private final int ranks;
  private final int replicas;
  private final boolean subset;

  private CheckpointPlan(Workload workload, int ranks) {
    this.model = workload.model();
    this.parallelism = model.parallelism();
    this.sizes = new TransformerSizes(model.numLayers(), model.transformer());
    this.ranks = ranks;
    this.subset = workload.checkpoint().mode() == CheckpointMode.SUBSET;
    this.replicas = subset ? parallelism.data() : ranks / modelParts();
  }

  /**
   * The plan of a workload.
   *
   * @param ranks running ranks; in mode subset the first ones of a larger job
   * @throws IllegalArgumentException if the ranks do not fill the parallelism
   */
  public static CheckpointPlan of(Workload workload, int ranks) {
    CheckpointPlan plan = new CheckpointPlan(workload, ranks);
    long job = (long) plan.replicas * plan.modelParts();
    if (plan.replicas < 1 || ranks > job || (!plan.subset && ranks != job)) {
      throw new IllegalArgumentException(
          "%d ranks do not fit tensor %d x pipeline %d x data %d"
              .formatted(
                  ranks,
                  plan.parallelism.tensor(),
                  plan.parallelism.pipeline(),
                  plan.parallelism.data()));
    }
    return plan;
  }

  /** Name of the folder of a checkpoint below the checkpoint folder. */
  public static String folderName(int epoch, long step) {
    return "global_epoch" + epoch + "_step" + step;
  }

  private int modelParts() {
    return parallelism.tensor() * parallelism.pipeline();
  }

  /** Parameters of the model; 0 if it has no layers. */
  public long parameters() {
    return sizes.total();
  }

  /** Running ranks. */
  public int ranks() {
    return ranks;
  }

  /** Whether only the first ranks of a larger job run. */
  public boolean subset() {
    return subset;
  }

  /** Ranks of the whole job: tensor x pipeline x data parallelism. */
  public long jobRanks() {
    return (long) replicas * modelParts();
  }

  /** The files a rank writes, in order; none if it holds no state. */
  public List<CheckpointFile> files(int rank) {
    RankCoordinates at = RankCoordinates.of(rank, parallelism);
    if (!holdsState(at)) {
      return List.of();
    }
    List<CheckpointFile> files = new ArrayList<>();
    if (hasModelState()) {
      State state = new State();
      state.add(List.of("a"), model.sizeBytes(), TensorType.INT8);
      files.add(state.file("model_states-" + rank));
    }
    addLayers(at, files);
    State optimizer = optimizer();
    if (!optimizer.tensors.isEmpty()) {
      files.add(
          optimizer.file(
              "zero_pp_rank_%d_mp_rank_%d_optim_states".formatted(at.data(), at.model())));
    }
    return files;
  }

  private boolean holdsState(RankCoordinates at) {
    return parallelism.zeroStage() > 0 || at.data() == 0;
  }

  private boolean hasModelState() {
    return model.sizeBytes() > 0 && !model.type().equals(TRANSFORMER);
  }

  private void addLayers(RankCoordinates at, List<CheckpointFile> files) {
    int stage = parallelism.zeroStage();
    boolean partitioned = stage == 0 || stage == SHARDED_WEIGHTS;
    if (model.numLayers() <= 0 || (!partitioned && at.data() != 0)) {
      return;
    }
    LayerRange range = layers(at.pipeline());
    if (!partitioned && parallelism.pipeline() > 1) {
      for (int layer = range.first; layer <= range.last; layer++) {
        State state = new State();
        addLayer(state, List.of(), layer, range.first);
        files.add(state.file("layer_%d-model_%d_model_states".formatted(layer, at.model())));
      }
      return;
    }
    State state = new State();
    for (int layer = range.first; layer <= range.last; layer++) {
      addLayer(state, List.of(String.valueOf(layer)), layer, range.first);
    }
    files.add(
        state.file(
            partitioned
                ? "zero_pp_rank_%d_mp_rank_%d_model_states".formatted(at.data(), at.model())
                : "model_%d_model_states".formatted(at.model())));
  }

  private record LayerRange(int first, int last) {}

  /** The layers of a pipeline stage: equal shares, one more in the first stages. */
  private LayerRange layers(int pipelineStage) {
    int stages = parallelism.pipeline();
    int share = model.numLayers() / stages;
    int larger = model.numLayers() % stages;
    int first = pipelineStage * share + Math.min(pipelineStage, larger) + 1;
    int last = first + share + (pipelineStage < larger ? 1 : 0) - 1;
    if (!model.layerParameters().isEmpty()) {
      return new LayerRange(first, last);
    }
    return new LayerRange(
        pipelineStage == 0 ? 0 : first, pipelineStage == stages - 1 ? model.numLayers() + 2 : last);
  }

  /** Given parameters are one set of tensors, which all layers of a file share. */
  private void addLayer(State state, List<String> path, int layer, int firstLayer) {
    List<Long> given = model.layerParameters();
    if (given.isEmpty()) {
      long[] elements = sizes.layer(layer, parallelism.tensor(), weightShards());
      for (int i = 0; i < elements.length; i++) {
        state.add(child(path, i), elements[i], model.modelDatatype());
      }
      return;
    }
    boolean sharing = !path.isEmpty() && layer > firstLayer;
    int storage = 0;
    for (int i = 0; i < given.size(); i++) {
      long elements = given.get(i) / parallelism.tensor();
      if (!sharing) {
        state.add(child(path, i), elements, TensorType.INT8);
      } else if (elements > 0) {
        state.share(child(path, i), elements, storage++);
      }
    }
  }

  private static List<String> child(List<String> path, int index) {
    List<String> child = new ArrayList<>(path);
    child.add(String.valueOf(index));
    return child;
  }

  private int weightShards() {
    return parallelism.zeroStage() == SHARDED_WEIGHTS ? replicas : 1;
  }

  private State optimizer() {
    State state = new State();
    List<Long> groups = model.optimizationGroups();
    if (!groups.isEmpty()) {
      long sum = 0;
      for (int i = 0; i < groups.size(); i++) {
        state.add(List.of(String.valueOf(i), "a"), groups.get(i), TensorType.INT8);
        state.add(List.of(String.valueOf(i), "b"), groups.get(i), TensorType.INT8);
        sum += groups.get(i);
      }
      state.add(List.of("combined"), sum, TensorType.INT8);
      return state;
    }
    long[] elements = sizes.optimizer(parallelism.zeroStage() > 0 ? jobRanks() : modelParts());
    for (int i = 0; i < elements.length; i++) {
      state.add(List.of(String.valueOf(i)), elements[i], model.optimizerDatatype());
    }
    return state;
  }

  /** Adds up all ranks; time grows with them, memory does not. */
  public CheckpointSizes sizes() {
    long held = 0;
    long optimizer = 0;
    long payload = 0;
    long files = 0;
    for (int rank = 0; rank < ranks; rank++) {
      for (CheckpointFile file : files(rank)) {
        payload += file.payloadBytes();
        files++;
      }
      held += heldLayerBytes(RankCoordinates.of(rank, parallelism));
      if (model.optimizationGroups().isEmpty()
          && holdsState(RankCoordinates.of(rank, parallelism))) {
        optimizer += optimizer().file("").payloadBytes();
      }
    }
    return new CheckpointSizes(
        hasModelState() ? model.sizeBytes() : held, optimizer, payload, files);
  }

  private long heldLayerBytes(RankCoordinates at) {
    boolean none =
        model.numLayers() <= 0
            || !model.layerParameters().isEmpty()
            || !holdsState(at)
            || (parallelism.zeroStage() == 1 && at.data() != 0);
    if (none) {
      return 0;
    }
    LayerRange range = layers(at.pipeline());
    State state = new State();
    for (int layer = range.first; layer <= range.last; layer++) {
      addLayer(state, List.of(String.valueOf(layer)), layer, range.first);
    }
    return state.file("").payloadBytes();
  }

  /** The tensors of a state as they come together; empty ones are left out. */
  private static final class State {
    private final List<CheckpointTensor> tensors = new ArrayList<>();

    void add(List<String> path, long elements, TensorType type) {
      if (elements > 0) {
        tensors.add(new CheckpointTensor(path, elements, type, tensors.size()));
      }
    }

    void share(List<String> path, long elements, int storage) {
      tensors.add(new CheckpointTensor(path, elements, TensorType.INT8, storage));
    }

    CheckpointFile file(String name) {
      return new CheckpointFile(name, tensors);
    }
  }
}
